"""Forms: what a document must look like, and the check of a submission."""
