"""The command line. One module prints (`output`); one maps errors to exit codes (`main`)."""
