internal import CBuild

/// The version of Kaji.
public let kajiVersion = "0.1.0"

/// The commit this program was built from, with "-modified" behind it if the files were not as committed.
///
/// "unknown" where the build was not told: in a folder that is no clone, or built without Kaji's scripts.
public let kajiCommit = unsafe String(cString: kaji_build_commit())
