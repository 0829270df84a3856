import Base
import Formats
import Lab

extension Commands {
  static let experimentDiff = Command(
    "exp diff", "A B", "the keys in which the configurations of two experiments differ",
    count: 2...2
  ) { invocation in
    let experiments = Experiments(try invocation.workspace())
    let numbers = [try invocation.experiment(0), try invocation.experiment(1)]
    let configurations = try numbers.map { number in
      let file = try experiments.find(number).folder.config
      guard Files.exists(file) else {
        throw Failure(
          "experiment \(number) has no configuration", remedy: "Name one that trained.")
      }
      return try YAML.read(file).root
    }
    let differences = ConfigurationDifference.between(configurations[0], configurations[1])
    if invocation.json {
      Output.json([
        "a": JSON(numbers[0]), "b": JSON(numbers[1]),
        "differences": .array(
          differences.map { ["key": JSON($0.key), "a": $0.a ?? .null, "b": $0.b ?? .null] }),
      ])
    } else if differences.isEmpty {
      Output.line("experiments \(numbers[0]) and \(numbers[1]) have the same configuration")
    } else {
      Output.table(
        [["KEY", "EXPERIMENT \(numbers[0])", "EXPERIMENT \(numbers[1])"]]
          + differences.map { [$0.key, $0.a?.text() ?? "-", $0.b?.text() ?? "-"] },
        leftColumns: 3)
    }
    return .done
  }
}
