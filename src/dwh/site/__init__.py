"""Settings, addresses, navigation, the command line: where the rooms are joined."""
