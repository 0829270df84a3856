internal import Base
internal import CUtf8proc

/// Columns and kind of single Unicode scalars, as a terminal lays them out.
///
/// utf8proc is the source, corrected where the C library that ncurses asks (`wcwidth`) and the
/// terminals themselves agree on something else.
enum ScalarWidth {
  /// How a scalar takes part in a cell.
  enum Kind: UInt8 {
    /// Shown as it is, begins a cell.
    case ordinary
    /// Takes no column of its own and joins the cell before it.
    case mark
    /// Controls, formats, private use, unassigned: never sent as they are.
    case special
  }

  /// Columns (0, 1 or 2) that `scalar` takes when drawn as it is.
  static func columns(of scalar: Unicode.Scalar) -> Int {
    Int(entry(scalar) & 3)
  }

  /// The part `scalar` plays in a cell.
  static func kind(of scalar: Unicode.Scalar) -> Kind {
    Kind(rawValue: entry(scalar) >> 2) ?? .special
  }

  /// The two lowest planes hold nearly all text; their answers are computed once, at first use.
  private static let table: [UInt8] = (0..<0x2_0000).map { compute(UInt32($0)) }

  private static func entry(_ scalar: Unicode.Scalar) -> UInt8 {
    scalar.value < 0x2_0000 ? table[Int(scalar.value)] : compute(scalar.value)
  }

  private static func compute(_ value: UInt32) -> UInt8 {
    let code = utf8proc_int32_t(bitPattern: value)
    let category = utf8proc_category(code)
    guard let scalar = Unicode.Scalar(value), !Sanitiser.isHidden(scalar) else {
      return Kind.special.rawValue << 2
    }
    let kind: Kind
    var columns = min(2, max(0, Int(utf8proc_charwidth(code))))
    switch category {
    case UTF8PROC_CATEGORY_MN, UTF8PROC_CATEGORY_ME:
      kind = .mark
      columns = 0
    case UTF8PROC_CATEGORY_MC:
      // utf8proc gives spacing marks no column; terminals do.
      kind = .ordinary
      columns = 1
    case UTF8PROC_CATEGORY_CC, UTF8PROC_CATEGORY_CF, UTF8PROC_CATEGORY_CS, UTF8PROC_CATEGORY_CO,
      UTF8PROC_CATEGORY_CN, UTF8PROC_CATEGORY_ZL, UTF8PROC_CATEGORY_ZP:
      kind = .special
    default:
      switch value {
      case 0x1160...0x11FF, 0xD7B0...0xD7FB:
        // Vowels and finals of decomposed Hangul are drawn into the cell of their initial.
        kind = .mark
        columns = 0
      case 0x3248...0x324F, 0x4DC0...0x4DFF:
        kind = .ordinary
        columns = 2
      default:
        kind = columns == 0 ? .mark : .ordinary
      }
    }
    return kind.rawValue << 2 | UInt8(columns)
  }
}
