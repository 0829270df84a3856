import Terminal

/// Where the boxes of the Corpus pane stand.
struct CorpusLayout {
  let corpora, subsets, documents, reader: Rect

  init(_ state: CorpusPane.State) {
    let bounds = Rect(state.size)
    let nothing = Rect(x: 0, y: 0, width: 0, height: 0)
    let rows = max(1, state.corpora?.count ?? 1)
    // Without a corpus the first box says what to do, which takes some lines.
    let isEmpty = state.corpora?.isEmpty == true
    if state.size.isWide {
      let (left, right) = bounds.split(left: min(66, bounds.width * 2 / 5))
      (corpora, subsets) = left.split(top: isEmpty ? 7 : min(rows + 3, left.height / 3))
      (documents, reader) = right.split(top: right.height / 3)
    } else if state.document == nil {
      let (corpora, rest) = bounds.split(top: isEmpty ? 7 : min(rows, 3) + 3)
      self.corpora = corpora
      (subsets, documents) = rest.split(
        top: min(state.subsets.count + 3, max(5, rest.height - 7)))
      reader = nothing
    } else {
      (corpora, subsets) = (nothing, nothing)
      (documents, reader) = bounds.split(top: 6)
    }
  }

  var corporaPage: Int { Table.page(height: corpora.height - 2) }
  var subsetsPage: Int { Table.page(height: subsets.height - 2) }
  var documentsPage: Int { Table.page(height: documents.height - 2) }
  /// Below the two lines about the document.
  var readerPage: Int { max(1, reader.height - 4) }
  var readerColumns: Int { TextView.columns(width: max(4, reader.width - 2)) }
}
