import Base

/// The digamma function ψ, the derivative of ln Γ, for x > 0.
///
/// The recurrence ψ(x) = ψ(x + 1) − 1/x lifts x above 7, where the asymptotic series about x − ½
///
///     ψ(x + ½) = ln x + 1/24 x⁻² − 7/960 x⁻⁴ + 31/8064 x⁻⁶ − 127/30720 x⁻⁸
///
/// is accurate to about 1e-10.
func digamma(_ x: Double) -> Double {
  var x = x, result = 0.0
  while x < 7 {
    result -= 1 / x
    x += 1
  }
  x -= 0.5
  let inverse = 1 / (x * x)
  let series =
    inverse
    * (1.0 / 24 - inverse * (7.0 / 960 - inverse * (31.0 / 8064 - inverse * (127.0 / 30720))))
  return result + logarithm(x) + series
}
