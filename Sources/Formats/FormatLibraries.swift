import CBZip2
import CXml2
import CYaml
import CZlib
import CZstd

/// The libraries that read and write what others wrote.
public enum FormatLibraries {
  /// Name and version of each.
  public static var versions: [(name: String, version: String)] {
    unsafe [
      ("zlib", String(cString: zlibVersion())),
      ("zstd", String(cString: ZSTD_versionString())),
      ("bzip2", String(cString: BZ2_bzlibVersion())),
      ("libxml2", String(cString: kaji_xml_version())),
      ("libyaml", String(cString: yaml_get_version_string())),
    ]
  }
}
