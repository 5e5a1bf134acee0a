"""Files changed on somebody's behalf: put into order, words written as the vocabulary has them, what is safe mended."""
