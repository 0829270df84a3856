import Base
import TestSupport
import Testing

@Suite("Checksums") struct ChecksumTests {
  /// RFC 3720, appendix B.4, and the check value of the catalogue of CRC algorithms.
  @Test(
    "CRC-32C of the published examples",
    arguments: [
      ([], 0), ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
      ([UInt8](repeating: 255, count: 32), 0x62A8_AB43), ([UInt8](0..<32), 0x46DD_794E),
      ((0..<32).reversed(), 0x113F_DB5C), (Array("123456789".utf8), 0xE306_9283),
    ] as [([UInt8], UInt32)])
  func crc(_ bytes: [UInt8], _ value: UInt32) { #expect(crc32c(bytes) == value) }

  @Test("CRC-32C does not depend on how the bytes come")
  func crcInPieces() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * $0 + $0 >> 3) }
    for cut in [0, 1, 7, 8, 9, 500, 999, 1000] {
      var crc = CRC32C()
      crc.update(Array(bytes[..<cut]).span)
      crc.update(Array(bytes[cut...]).span)
      #expect(crc.value == crc32c(bytes))
    }
  }

  /// FIPS 180-4's examples, and NIST's of a million letters.
  @Test(
    "SHA-256 of the published examples",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        String(repeating: "a", count: 1_000_000),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
      ),
    ])
  func sha256(_ text: String, _ digest: String) {
    #expect(SHA256.hex(of: Array(text.utf8)) == digest)
  }

  @Test("SHA-256 does not depend on how the bytes come")
  func sha256InPieces() throws {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 * 7) }
    for length in [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 300] {
      let whole = SHA256.hex(of: Array(bytes[..<length]))
      var hash = SHA256()
      for byte in bytes[..<length] { hash.update([byte]) }
      #expect(hexadecimal(hash.finalize()) == whole)
      try withTemporaryFolder { folder in
        try Files.write(Array(bytes[..<length]), to: folder / "file")
        #expect(try SHA256.hex(ofFile: folder / "file") == whole)
      }
    }
  }
}
