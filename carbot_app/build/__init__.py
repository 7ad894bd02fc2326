"""From sources to a frontend that can be served: build steps, stamps and checks before the start."""
