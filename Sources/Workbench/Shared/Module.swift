import Terminal

// Lab's point is one of a curve; on the screen it is always a place.
typealias Point = Terminal.Point
