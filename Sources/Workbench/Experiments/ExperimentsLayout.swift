import Terminal

/// Where the boxes of the Experiments pane stand.
struct ExperimentsLayout {
  let list, details: Rect

  init(_ state: ExperimentsPane.State) {
    let bounds = Rect(state.size)
    if state.size.isWide {
      (list, details) = bounds.split(left: bounds.width * 3 / 5)
    } else {
      (list, details) = bounds.split(top: max(6, bounds.height * 3 / 5))
    }
  }

  var page: Int { Table.page(height: list.height - 2) }
  var detailColumns: Int { TextView.columns(width: details.width - 2) }
}
