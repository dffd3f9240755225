"""This package validates what strangers bring: `csto validate`, without trust."""
