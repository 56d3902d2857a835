"""The same models on Apache Spark: hand over what they read, build them there, compare."""
