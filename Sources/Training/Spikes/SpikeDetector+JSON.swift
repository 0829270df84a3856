import Base

extension SpikeDetector {
  /// The memory of the detector, as a checkpoint holds it.
  var json: JSON {
    .object([
      ("loss", loss.json), ("gradient_norm", norm.json),
      ("last_spike", lastSpike.map { JSON($0) } ?? .null), ("highs", JSON(highs)),
    ])
  }

  /// Reads it back; what is missing is as at the beginning.
  init(_ fields: Fields, policy: SpikePolicy) throws {
    var fields = fields
    self.init(policy: policy)
    loss = SpikeSeries(fields.json("loss") ?? .null, of: .loss, policy: policy)
    norm = SpikeSeries(fields.json("gradient_norm") ?? .null, of: .gradientNorm, policy: policy)
    let counts = 0...1 << 60
    lastSpike = try fields.optionalInt("last_spike", in: counts)
    highs = try fields.int("highs", in: counts, default: 0)
  }
}

extension SpikeSeries {
  fileprivate var json: JSON {
    .object([
      ("values", .numbers(forecast.values)), ("errors", .numbers(forecast.errors)),
      ("excursion", excursion?.json ?? .null),
    ])
  }

  fileprivate init(_ json: JSON, of signal: SpikeDetector.Signal, policy: SpikePolicy) {
    func numbers(_ key: String) -> [Double] {
      (json[key]?.array?.compactMap(\.double) ?? []).filter(\.isFinite)
    }
    self.init(
      policy, of: signal,
      forecast: CurveForecast(
        window: policy.window, values: numbers("values"), errors: numbers("errors")),
      excursion: json["excursion"].flatMap { Excursion($0) })
  }
}

extension SpikeSeries.Excursion {
  fileprivate var json: JSON {
    .object([
      ("start", JSON(start)), ("last_high", JSON(lastHigh)), ("expected", .number(expected)),
      ("slope", .number(slope)), ("deviation", .number(deviation)), ("peak", .number(peak)),
      ("calm", .number(calm)), ("values", .numbers(values)), ("base", .number(base)),
    ])
  }

  fileprivate init?(_ json: JSON) {
    func number(_ key: String) -> Double? {
      json[key]?.double.flatMap { $0.isFinite ? $0 : nil }
    }
    let steps = 1...1 << 60
    guard let start = json["start"]?.int, steps.contains(start),
      let lastHigh = json["last_high"]?.int, (start...steps.upperBound).contains(lastHigh),
      let expected = number("expected"), let slope = number("slope"),
      let deviation = number("deviation"), deviation > 0, let peak = number("peak"),
      let calm = number("calm"), let base = number("base"), let values = json["values"]?.array
    else { return nil }
    self.init(
      start: start, lastHigh: lastHigh, expected: expected, slope: slope, deviation: deviation,
      peak: peak, calm: calm, values: values.compactMap(\.double), base: base)
  }
}
