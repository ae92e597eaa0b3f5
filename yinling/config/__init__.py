"""The roof: settings, urls, navigation, roles, wiring, flows, the command line. Imported by nobody."""
