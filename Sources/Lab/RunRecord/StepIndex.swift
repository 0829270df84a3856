/// The ascending steps of a metric's points, kept as runs of equal distance.
///
/// A metric of every step, or of every hundredth, takes one run however long it is.
public struct StepIndex: Sendable {
  private struct Run: Sendable {
    /// The step of the run's first point.
    var start: Int
    /// From one step to the next; 0 while there is one point only.
    var stride: Int
    /// The place of the run's first point.
    var first: Int
  }

  private var runs: [Run] = []
  public private(set) var count = 0
  /// The step of the last point; −1 without one.
  public private(set) var last = -1

  public init() {}

  /// Adds a step that is greater than all before.
  public mutating func append(_ step: Int) {
    precondition(step > last, "step \(step) does not follow \(last)")
    defer {
      count += 1
      last = step
    }
    if !runs.isEmpty {
      let run = runs[runs.count - 1]
      let length = count - run.first
      if length == 1 {
        runs[runs.count - 1].stride = step - run.start
        return
      }
      if step == last + run.stride { return }
    }
    runs.append(Run(start: step, stride: 0, first: count))
  }

  /// The step of the point at `place`.
  public func step(at place: Int) -> Int {
    precondition((0..<count).contains(place), "no point \(place) among \(count)")
    let run = runs[lastRun { $0.first <= place }]
    return run.start + (place - run.first) * run.stride
  }

  /// The place of the first point whose step is at least `step`; `count` if there is none.
  public func place(from step: Int) -> Int {
    let index = lastRun { $0.start <= step }
    guard index >= 0 else { return 0 }
    let run = runs[index]
    let end = index + 1 < runs.count ? runs[index + 1].first : count
    guard run.stride > 0 else { return step == run.start ? run.first : end }
    let (whole, rest) = (step - run.start).quotientAndRemainder(dividingBy: run.stride)
    return min(end, run.first + whole + (rest == 0 ? 0 : 1))
  }

  /// Forgets the points from the place `count` on.
  public mutating func truncate(to count: Int) {
    guard count < self.count else { return }
    let newLast = count > 0 ? step(at: count - 1) : -1
    while let run = runs.last, run.first >= count { runs.removeLast() }
    if let run = runs.last, count - run.first == 1 { runs[runs.count - 1].stride = 0 }
    self.count = count
    last = newLast
  }

  /// The last run that satisfies a condition true of a first part of the runs; −1 if none does.
  private func lastRun(_ condition: (Run) -> Bool) -> Int {
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if condition(runs[middle]) { low = middle + 1 } else { high = middle }
    }
    return low - 1
  }
}
