import Base

/// The curves of a run that another tool trains, as far as they are known.
///
/// It remembers what has changed, so that who writes them down need not compare all of it again.
struct ForeignRun: Sendable {
  /// What was logged of one step.
  struct Row: Sendable {
    var step: Int
    var values: [(name: String, value: Double)]
    /// Seconds since 1970, if the log tells.
    var time: Double?
  }

  /// What is to be written down: rows that are new, or others than before, and all behind them.
  struct Change {
    var rows: ArraySlice<Row>
    /// Values that have joined rows before those.
    var late: [Row]
  }

  /// By ascending steps, each once.
  private(set) var rows: [Row] = []
  /// The place of the first row that has not been taken since it changed.
  private var changed = 0
  private var late: [Row] = []

  /// Takes in a row.
  ///
  /// A curve that comes again at an earlier step has been begun anew from a checkpoint: what was known of that step
  /// and all later ones counts no more. Another curve of an earlier step joins what is known of it.
  mutating func add(_ row: Row) {
    guard let last = rows.last, row.step <= last.step else { return rows.append(row) }
    let place = (rows.lastIndex { $0.step < row.step } ?? -1) + 1
    let names = Set(row.values.map(\.name))
    if row.step < last.step,
      rows[place...].contains(where: { $0.values.contains { names.contains($0.name) } })
    {
      rows.removeSubrange(place...)
      rows.append(row)
      changed = min(changed, place)
    } else if rows[place].step == row.step {
      rows[place].values = rows[place].values.filter { !names.contains($0.name) } + row.values
      if place < changed { late.append(row) }
    } else {
      rows.insert(row, at: place)
      changed = min(changed, place)
    }
  }

  /// Hands out what has changed since the last time.
  ///
  /// - Parameter isOver: whether nothing more comes. Until then the newest row waits: it may not be whole.
  mutating func takeChange(isOver: Bool) -> Change {
    let end = isOver ? rows.count : max(changed, rows.count - 1)
    let change = rows[changed..<end]
    let bound = changed < rows.count ? rows[changed].step : .max
    defer {
      changed = end
      late = []
    }
    return Change(rows: change, late: late.filter { $0.step < bound })
  }
}
