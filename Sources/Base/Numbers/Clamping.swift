/// Arithmetic on numbers from outside, where too much is as good as the most.
extension FixedWidthInteger {
  /// The sum, or the nearest number there is.
  public func addingClamping(_ other: Self) -> Self {
    let (sum, overflow) = addingReportingOverflow(other)
    guard overflow else { return sum }
    return other < 0 ? .min : .max
  }

  /// The product, or the nearest number there is.
  public func multipliedClamping(by other: Self) -> Self {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    guard overflow else { return product }
    return (self < 0) == (other < 0) ? .max : .min
  }
}
