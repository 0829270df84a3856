import Terminal

/// Where the boxes of the Scores pane stand.
///
/// On a small screen the detail of a sample takes the place of the list it was chosen from.
struct ScoresLayout {
  let table, samples, detail: Rect

  init(_ state: ScoresPane.State) {
    let bounds = Rect(state.size)
    let nothing = Rect(x: 0, y: 0, width: 0, height: 0)
    guard state.boxes.count > 1 else {
      (table, samples, detail) = (bounds, nothing, nothing)
      return
    }
    let rows = (state.board?.models.count ?? 0) + 6
    if state.size.isWide {
      let (table, below) = bounds.split(top: min(rows, bounds.height * 2 / 5))
      self.table = table
      (samples, detail) = below.split(left: below.width * 2 / 5)
    } else {
      let (table, below) = bounds.split(top: min(rows, bounds.height * 2 / 5))
      self.table = table
      (samples, detail) = state.focus == .detail ? (nothing, below) : (below, nothing)
    }
  }

  /// Models that fit between titles and the row of chance.
  var tablePage: Int { Table.page(height: table.height - 4) }
  var samplesPage: Int { Table.page(height: samples.height - 2) }
  var detailPage: Int { max(1, detail.height - 2) }
  var detailColumns: Int { TextView.columns(width: max(4, detail.width - 2)) }
}
