# tries: outputs and attachments of ten megabytes, with scripts in them
# handling: attachments
