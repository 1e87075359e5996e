// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

/// Files only their owner may read, never reached through a link somebody else laid out.
namespace luthien {

/// Makes the directory (0700) or takes an existing one over. Errors: Conflict if another user owns it, Io.
[[nodiscard]] Result<void> makePrivateDirectory(const std::filesystem::path& directory);

/// The text of a 0600 file we own. Errors: NotFound, Conflict (a link, or open to others), TooLarge, Io.
[[nodiscard]] Result<std::string> readPrivateFile(const std::filesystem::path& file);
/// Writes the file anew and returns once it is on the disk; readers, and a crash, see the old or the new text, never a
/// part. Errors: Io.
[[nodiscard]] Result<void> writePrivateFile(const std::filesystem::path& file, std::string_view text);

/// Held until it is destroyed.
class DirectoryLock
{
public:
    explicit DirectoryLock(int descriptor) noexcept
        : m_descriptor(descriptor)
    {
    }
    ~DirectoryLock();
    DirectoryLock(const DirectoryLock&) = delete;
    DirectoryLock& operator=(const DirectoryLock&) = delete;

private:
    int m_descriptor;
};
/// Keeps out others that lock the directory, in this and other processes; waits for them. Errors: Io.
[[nodiscard]] Result<std::unique_ptr<DirectoryLock>> lockDirectory(const std::filesystem::path& directory);

/// 256 random bits, URL-safe. Errors: Internal if the system has no randomness.
[[nodiscard]] Result<std::string> makeToken();
/// The token kept in file; made with the first call. Errors: as readPrivateFile.
[[nodiscard]] Result<std::string> loadOrMakeToken(const std::filesystem::path& file);

} // namespace luthien
