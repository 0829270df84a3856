import Base
import Formats
import Workflows

extension Commands {
  static let convert = Command(
    "convert", "MODEL OUT", "a model as a Hugging Face folder or a GGUF file",
    options: [
      .value("--to", "FORM", "hf or gguf (else by the name of OUT: gguf if it ends in .gguf)"),
      .value("--quant", "T", "f32, f16, bf16, q8_0, q4_0 or q4_1, for gguf (else as they are)"),
    ], count: 2...2
  ) { invocation in
    let workspace = try invocation.workspaceIfAny()
    let context = try invocation.context(workspace)
    let model = try invocation.model(invocation.arguments[0], in: workspace)
    let target = Path(invocation.arguments[1]).absolute
    let form = try form(invocation) ?? ModelConversion.form(of: target)
    let type = try quantisation(invocation, form)
    let report = try Interruption.raising(context.cancellation) {
      try ModelConversion.convert(model, to: target, as: form, type: type, context)
    }
    if invocation.json {
      Output.json([
        "path": JSON(report.path.string), "format": JSON(report.form.rawValue),
        "tensors": JSON(report.tensors), "type": JSON(report.type), "bytes": JSON(report.bytes),
      ])
    } else {
      Output.line(
        "\(Sanitiser.visible(report.path.string)): \(Format.count(report.tensors)) tensors, "
          + "\(report.type), \(Format.bytes(report.bytes))")
    }
    return .done
  }

  private static func form(_ invocation: Invocation) throws -> ModelConversion.Form? {
    guard let word = invocation.value("--to") else { return nil }
    guard let form = ModelConversion.Form(rawValue: word) else {
      throw UsageError(
        "--to is '\(Sanitiser.visible(word))'", remedy: "Use one of hf, gguf.")
    }
    return form
  }

  private static func quantisation(
    _ invocation: Invocation, _ form: ModelConversion.Form
  ) throws -> GGUFType? {
    guard let word = invocation.value("--quant") else { return nil }
    guard form == .gguf else {
      throw UsageError(
        "--quant goes with gguf alone", remedy: "A Hugging Face folder is written in F32.")
    }
    let types = GGUFType.allCases.filter(\.isWritable)
    guard let type = types.first(where: { $0.name == word.uppercased() }) else {
      throw UsageError(
        "--quant is '\(Sanitiser.visible(word))'",
        remedy: "Use one of \(types.map { $0.name.lowercased() }.joined(separator: ", ")).")
    }
    return type
  }
}
