import CUtf8proc

/// The library that knows Unicode: normal forms, grapheme breaks, widths.
public enum UnicodeLibrary {
  /// The version of utf8proc.
  public static var version: String { unsafe String(cString: utf8proc_version()) }
}
