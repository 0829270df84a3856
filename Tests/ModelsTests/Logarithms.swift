import Glibc

/// eˣ.
func exponential(_ x: Double) -> Double { exp(x) }

/// ln x.
func naturalLogarithm(_ x: Double) -> Double { log(x) }
