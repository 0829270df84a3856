import Base
import Formats

extension GGUFTokenizer {
  /// The values under `tokenizer.ggml`, each with its type checked.
  struct Metadata {
    private let file: GGUFFile

    init(_ file: GGUFFile) { self.file = file }

    func text(_ key: String) -> String? { file["tokenizer.ggml.\(key)"]?.string }
    func flag(_ key: String) -> Bool? { file["tokenizer.ggml.\(key)"]?.bool }
    func values(_ key: String) -> [GGUFValue]? { file["tokenizer.ggml.\(key)"]?.array }

    /// What is put around a text.
    ///
    /// - Parameter usual: what llama.cpp does where the file does not say.
    func around(_ roles: Tokenizer.Roles, _ usual: (begin: Bool, end: Bool)) -> Around {
      (
        flag("add_bos_token") ?? usual.begin ? roles.begin : nil,
        flag("add_eos_token") ?? usual.end ? roles.end : nil
      )
    }

    func strings(_ key: String) throws(Failure) -> [String] {
      try all(key, "texts") { $0.string }
    }

    func floats(_ key: String, count: Int) throws(Failure) -> [Float] {
      let scores = try all(key, "finite numbers") {
        $0.double.map { Float($0) }.flatMap { $0.isFinite ? $0 : nil }
      }
      try check(key, scores.count, count)
      return scores
    }

    func kinds(count: Int) throws(Failure) -> [Kind] {
      guard file["tokenizer.ggml.token_type"] != nil else {
        return [Kind](repeating: .normal, count: count)
      }
      let kinds = try all("token_type", "numbers from 1 to 6") { $0.int.flatMap(Kind.init) }
      try check("token_type", kinds.count, count)
      return kinds
    }

    func roles(_ tokens: [String]) throws(Failure) -> Tokenizer.Roles {
      func named(_ key: String) throws(Failure) -> String? {
        guard let value = file["tokenizer.ggml.\(key)_token_id"] else { return nil }
        guard let id = value.int, tokens.indices.contains(id) else {
          throw Failure(
            "tokenizer.ggml.\(key)_token_id is none of \(tokens.count) tokens",
            remedy: "Copy or make the file again.")
        }
        return tokens[id]
      }
      return Tokenizer.Roles(
        begin: try named("bos"), end: try named("eos"), pad: try named("padding"),
        unknown: try named("unknown"))
    }

    private func all<Value>(
      _ key: String, _ wanted: String, _ read: (GGUFValue) -> Value?
    ) throws(Failure) -> [Value] {
      guard let values = values(key) else {
        throw Failure(
          "tokenizer.ggml.\(key) is missing or no array", remedy: "Copy or make the file again.")
      }
      var result: [Value] = []
      result.reserveCapacity(values.count)
      for (index, value) in values.enumerated() {
        guard let read = read(value) else {
          throw Failure(
            "tokenizer.ggml.\(key)[\(index)] is none of \(wanted)",
            remedy: "Copy or make the file again.")
        }
        result.append(read)
      }
      return result
    }

    private func check(_ key: String, _ found: Int, _ wanted: Int) throws(Failure) {
      guard found == wanted else {
        throw Failure(
          "tokenizer.ggml.\(key) has \(found) values for \(wanted) tokens",
          remedy: "Copy or make the file again.")
      }
    }
  }
}
