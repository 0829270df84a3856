import Base
import Lab

extension Commands {
  static let reindex = Command(
    "reindex", "", "builds the workspace's index anew from its files"
  ) { invocation in
    let index = try Index(try invocation.workspace())
    let sources = try index.rebuild()
    let problems = try index.problems()
    if invocation.json {
      Output.json([
        "sources": JSON(sources), "experiments": JSON(try index.experiments().count),
        "runs": JSON(try index.runs().count), "scores": JSON(try index.scores().count),
        "problems": .array(problems.map { JSON($0) }),
      ])
    } else {
      Output.line("indexed \(Format.count(sources)) files and folders")
    }
    for problem in problems { Output.note("kaji: warning: \(Sanitiser.visible(problem))") }
    return .done
  }
}
