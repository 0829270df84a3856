import Base
import Synchronization

/// The seconds of work on a demo over all its sittings, written down as they pass: those of a sitting that is
/// killed count as well.
final class DemoClock: Sendable {
  private let file: Path
  private let preset: DemoPreset
  /// When the work would have begun had it been one sitting.
  private let start: Double
  /// The seconds once it has stopped.
  private let total = Mutex<Double?>(nil)

  /// Goes on from what the file says.
  ///
  /// - Throws: `Failure` if the file cannot be written.
  init(_ preset: DemoPreset, in file: Path) throws {
    self.file = file
    self.preset = preset
    start = monotonicSeconds() - ((try? JSON.read(file))?["seconds"]?.double ?? 0)
    try write(monotonicSeconds() - start)
  }

  /// Writes down the seconds so far, unless it has stopped: the file is then another's.
  func tick() {
    total.withLock { total in if total == nil { try? write(monotonicSeconds() - start) } }
  }

  /// Writes for the last time.
  ///
  /// - Returns: the seconds in all.
  @discardableResult
  func stop() -> Double {
    total.withLock { total in
      if let total { return total }
      let seconds = monotonicSeconds() - start
      try? write(seconds)
      total = seconds
      return seconds
    }
  }

  private func write(_ seconds: Double) throws {
    let json: JSON = ["preset": JSON(preset.rawValue), "seconds": .number(seconds)]
    try Files.write(json.text() + "\n", to: file)
  }
}
