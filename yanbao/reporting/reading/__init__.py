"""One release, read: manifest, metric dictionary, report tables, origins."""
