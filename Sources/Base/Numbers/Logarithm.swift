import Glibc

/// The natural logarithm; negative infinity at 0, not a number below.
///
/// The corresponding C function is `log`. It stands here because only `Base` imports the C library.
public func logarithm(_ x: Double) -> Double { log(x) }

/// The exponential function, the inverse of ``logarithm(_:)``.
///
/// The corresponding C function is `exp`.
public func exponential(_ x: Double) -> Double { exp(x) }
