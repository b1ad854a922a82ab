"""Drafters: how a network writes what is planned, note by note or through points."""
