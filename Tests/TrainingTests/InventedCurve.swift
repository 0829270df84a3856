import Base

/// A training curve as runs have them, with spikes whose places and sizes are known.
///
/// It falls by a power law; its noise is normal, a little correlated from step to step, and grows and shrinks by a
/// factor of up to 3 either way over some hundred steps; its level shifts up and down where the data change; some
/// diverge slowly at the end. A spike's size is its peak in standard deviations of the noise at that step, and
/// noise comes on top. The logarithm of a gradient norm is such a curve too; in small batches odd documents lift it
/// alone, for a step, by an amount whose share falls off exponentially.
struct InventedCurve {
  /// How a spike rises and falls.
  enum Shape: CaseIterable {
    /// Up at once, down at once.
    case block
    /// Up at once, down by and by.
    case decay
    /// Up within a quarter of its length, down by and by.
    case buildUp
  }

  /// A spike put in.
  struct Spike {
    /// The first step of it, from 1.
    let start: Int
    /// Steps it lasts.
    let length: Int
    /// Its peak in standard deviations.
    let size: Double
    let shape: Shape
  }

  /// The sizes of spikes, in standard deviations.
  static let sizes = [4.0, 5, 6, 7, 8, 9, 10, 12, 16, 20, 30, 50]

  /// The value of each step; that of step 1 first.
  private(set) var values: [Double] = []
  private(set) var spikes: [Spike] = []
  /// Steps, from 1, at which the level shifts, and by how much in standard deviations.
  private(set) var shifts: [(step: Int, size: Double)] = []
  /// The step at which it begins to diverge.
  private(set) var divergence: Int?

  private let random: CounterRandom
  private var draws: UInt64 = 1 << 40

  /// A curve of `count` steps.
  ///
  /// - Parameters:
  ///   - isNorm: whether it is the logarithm of a gradient norm: lower and noisier than a loss.
  ///   - hasOddDocuments: whether up to 2 % of the steps are lifted.
  init(
    seed: UInt64, count: Int = 5000, isNorm: Bool = false, hasOddDocuments: Bool = false,
    hasSpikes: Bool = true
  ) {
    random = CounterRandom(seed: seed, purpose: isNorm ? 8 : 7)
    let floor = isNorm ? draw(-2, 1) : draw(1.6, 3.6)
    let drop = isNorm ? draw(0.5, 2) : draw(5, 8)
    let scale = draw(10, 150)
    let power = draw(0.4, 1.2)
    let spread = isNorm ? draw(0.04, 0.3) : floor * drawRatio(0.003, 0.025)
    let deviations = noise(spread, count)
    let correlation = draw(0, 0.3)
    let odd = hasOddDocuments ? draw(0, 0.02) : 0
    placeShifts(count)
    if draw(0, 1) < 0.3 { divergence = count - Int(draw(300, 1000)) }
    if hasSpikes { placeSpikes(count) }

    var last = random.normal(0)
    values.reserveCapacity(count)
    for step in 1...count {
      let fresh = random.normal(UInt64(step))
      last = correlation * last + (1 - correlation * correlation).squareRoot() * fresh
      let trend = floor + drop * exponential(-power * logarithm(1 + Double(step) / scale))
      values.append(trend + deviations[step - 1] * (last + lift(at: step, odd)))
    }
    addShifts(deviations)
    addDivergence(deviations)
    for spike in spikes { add(spike, deviations[spike.start - 1]) }
  }

  /// What odd documents, which a `share` of the steps holds, lift a norm by, in standard deviations: 1.5 in the mean.
  private func lift(at step: Int, _ share: Double) -> Double {
    guard random.uniform(1 << 41 + UInt64(step)) < share else { return 0 }
    return -1.5 * logarithm(1 - random.uniform(1 << 42 + UInt64(step)))
  }

  private mutating func draw(_ low: Double, _ high: Double) -> Double {
    draws += 1
    return low + (high - low) * random.uniform(draws)
  }

  private mutating func drawRatio(_ low: Double, _ high: Double) -> Double {
    exponential(draw(logarithm(low), logarithm(high)))
  }

  /// The standard deviation of each step: wider at first, then up and down.
  private mutating func noise(_ spread: Double, _ count: Int) -> [Double] {
    var deviations: [Double] = []
    var from = 0.0
    while deviations.count < count {
      let to = draw(-1.1, 1.1)
      let steps = Int(max(200, abs(to - from) * draw(400, 2000)))
      for index in 0..<steps {
        let swing = from + (to - from) * Double(index) / Double(steps)
        let early = 1 + 2 * exponential(-Double(deviations.count) / 200)
        deviations.append(spread * early * exponential(swing))
      }
      from = to
    }
    return Array(deviations.prefix(count))
  }

  private mutating func placeShifts(_ count: Int) {
    var step = Int(draw(300, 1500))
    while step < count - 100 {
      let size = drawRatio(0.5, 30)
      shifts.append((step, draw(0, 1) < 0.5 ? size : -size))
      step += Int(draw(600, 2000))
    }
  }

  private mutating func placeSpikes(_ count: Int) {
    var step = 100 + Int(draw(0, 200))
    while step < count - 100 {
      let size = Self.sizes[min(Self.sizes.count - 1, Int(draw(0, Double(Self.sizes.count))))]
      let length = draw(0, 1) < 0.4 ? 1 : Int(draw(2, 31))
      let isClear =
        !shifts.contains { $0.step > step - 50 && $0.step < step + length + 60 }
        && step + length < divergence ?? count
      let shape = Shape.allCases[min(2, Int(draw(0, 3)))]
      if isClear {
        spikes.append(Spike(start: step, length: length, size: size, shape: shape))
      }
      step += length + 120 + Int(draw(0, 240))
    }
  }

  private mutating func addShifts(_ deviations: [Double]) {
    for shift in shifts {
      for index in shift.step - 1..<values.count {
        values[index] += shift.size * deviations[shift.step - 1]
      }
    }
  }

  /// A rise that grows with the square of the steps, to 10 … 100 deviations.
  private mutating func addDivergence(_ deviations: [Double]) {
    guard let divergence else { return }
    let height = drawRatio(10, 100)
    for index in divergence..<values.count {
      let share = Double(index - divergence) / Double(values.count - divergence)
      values[index] += height * deviations[divergence] * share * share
    }
  }

  private mutating func add(_ spike: Spike, _ deviation: Double) {
    let rise = spike.shape == .buildUp ? max(1, spike.length / 4) : 1
    for index in 0..<spike.length {
      let height =
        if index < rise {
          Double(index + 1) / Double(rise)
        } else if spike.shape == .block {
          1.0
        } else {
          exponential(-3 * Double(index + 1 - rise) / Double(spike.length))
        }
      values[spike.start - 1 + index] += spike.size * deviation * height
    }
  }
}
