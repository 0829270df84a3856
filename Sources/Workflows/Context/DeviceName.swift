/// A device as `--device` names it, whether it is here or not.
public enum DeviceName: Equatable, Sendable {
  case cpu, reference
  /// An accelerator, as `cuda:1`.
  case accelerator(Interface, number: Int)

  /// What accelerators are driven through.
  public enum Interface: String, Sendable { case opencl, cuda }

  /// The names there are, in words.
  public static let grammar = "cpu, reference, opencl[:N] or cuda[:N]"

  /// `nil` if the text can name no device.
  public init?(_ text: String) {
    switch text {
    case "cpu": self = .cpu
    case "reference": self = .reference
    default:
      let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard let interface = parts.first.flatMap({ Interface(rawValue: String($0)) }),
        let number = parts.count == 1 ? 0 : Int(parts[1]), number >= 0
      else { return nil }
      self = .accelerator(interface, number: number)
    }
  }
}
