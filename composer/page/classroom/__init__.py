"""The classroom on the page: five networks beside each other, what goes on inside of one, and a room that votes."""
