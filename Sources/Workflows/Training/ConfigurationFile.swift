import Base
import Formats
import Training

/// A configuration's file, with settings of a command line laid over it.
struct ConfigurationFile {
  private let name: String
  private let json: JSON
  private let place: @Sendable (String) -> String?

  /// Reads a file.
  ///
  /// - Parameter settings: as `optimizer.learning_rate=0.001`, one each.
  /// - Throws: `Failure` naming file and line, or the setting.
  init(_ path: Path, settings: [String]) throws {
    let document = try YAML.read(path)
    name = path.string
    let set = try TrainingConfiguration.setting(settings, in: document.root) { text in
      try YAML.parse(text, file: "--set")
    }
    do { json = try TrainingPreset.expanding(set) } catch let failure as Failure {
      let line = document.line(of: "preset").map { ":\($0)" } ?? ""
      throw Failure("\(path)\(line): \(failure.problem)", remedy: failure.remedy)
    }
    let given = settings.map { (key: String($0.prefix { $0 != "=" }), text: $0) }
    place = { key in
      let setting = given.last { Self.concerns($0.key, key) }
      return setting.map { "--set \(Sanitiser.visible($0.text))" }
        ?? document.line(of: key).map { "\(path):\($0)" }
    }
  }

  /// The configuration in it, made from its content, its name, and where a key was given its value.
  func read<Configuration>(
    _ make: (JSON, String, @escaping @Sendable (String) -> String?) throws -> Configuration
  ) rethrows -> Configuration { try make(json, name, place) }

  /// Whether two dotted keys are the same, or one lies within the other.
  private static func concerns(_ a: String, _ b: String) -> Bool {
    a == b || a.hasPrefix(b + ".") || b.hasPrefix(a + ".")
  }
}
