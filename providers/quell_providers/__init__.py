"""Clients of chat services: one package a service, all behind the contract in `provider`."""
