import Base
import Corpus

extension Commands {
  static let corpusSearch = Command(
    "corpus search", "NAME[@VERSION] QUERY...", "documents with all words of a query",
    options: [
      .value("--limit", "N", "hits shown (20)"), .value("--offset", "N", "hits passed over (0)"),
    ], count: 2...Int.max
  ) { invocation in
    let limit = try invocation.int("--limit", in: 1...1_000_000) ?? 20
    let offset = try invocation.int("--offset") ?? 0
    let result = try openCorpus(invocation).search(
      invocation.arguments.dropFirst().joined(separator: " "), limit: limit, offset: offset)
    if invocation.json {
      Output.json([
        "hits": .array(
          result.hits.map { hit in
            [
              "doc": JSON(hit.doc.description), "subset": JSON(hit.subset),
              "level": JSON(hit.level.rawValue), "snippet": JSON(hit.snippet),
            ]
          }), "total": JSON(result.total), "withheld": JSON(result.withheld),
      ])
      return .done
    }
    Output.table(
      result.hits.map { [$0.doc.description, $0.subset, $0.level.rawValue, $0.snippet] },
      leftColumns: 4)
    let shown = result.hits.isEmpty ? "" : "\(offset + 1) to \(offset + result.hits.count) of "
    Output.line(
      "\(shown)\(Format.count(result.total)) found; \(Format.count(result.withheld)) documents "
        + "may not be searched")
    return .done
  }
}
