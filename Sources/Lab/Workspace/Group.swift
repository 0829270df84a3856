import Base
import Glibc

/// Sharing of folders among a group of the system.
enum Group {
  /// The number of a group.
  ///
  /// - Throws: ``Failure`` if there is none of that name.
  static func id(named name: String) throws -> gid_t {
    guard let entry = unsafe getgrnam(name) else {
      throw Failure(
        "there is no group \"\(name)\" on this system", remedy: "Name one that `id -Gn` shows.")
    }
    return unsafe entry.pointee.gr_gid
  }

  /// Gives a folder to a group: readable and writable, and so is what is made inside.
  static func give(_ folder: Path, to group: gid_t) throws {
    guard unsafe chown(folder.string, uid_t.max, group) == 0 else {
      throw Failure(
        "cannot give \(folder) to the group",
        remedy: "Name a group that you are a member of (`id -Gn`).")
    }
    guard unsafe chmod(folder.string, S_ISGID | 0o775) == 0 else {
      throw Failure(
        "cannot set the permissions of \(folder)", remedy: "Check that the folder is yours.")
    }
  }

  /// Lets the group write whatever this process makes from now on, if `root` is a group's workspace.
  static func shareNewFiles(of root: Path) {
    var info = stat()
    guard unsafe stat(root.string, &info) == 0 else { return }
    guard info.st_mode & S_ISGID != 0, info.st_mode & S_IWGRP != 0 else { return }
    // What the user keeps from others stays kept from them.
    let mask = umask(0o007)
    umask(mask & ~0o070)
  }
}
