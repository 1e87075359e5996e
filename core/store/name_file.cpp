// SPDX-License-Identifier: Apache-2.0
#include "store/name_file.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

namespace luthien::store {

namespace {
constexpr std::size_t kNameBytes = 36;
constexpr std::size_t kMostBytes = 1024;

/// As much of the file as is used; empty = it cannot be read.
std::string readBegin(const std::filesystem::path& file)
{
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0)
        return {};
    std::array<char, kMostBytes> text{};
    const ssize_t count = ::read(descriptor, text.data(), text.size());
    ::close(descriptor);
    return {text.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
}

bool writeWhole(const std::filesystem::path& file, std::string_view text)
{
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return false;
    const bool isWritten = ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    const bool isSynced = isWritten && ::fsync(descriptor) == 0;
    ::close(descriptor);
    return isSynced;
}

bool syncDirectory(const std::filesystem::path& directory)
{
    const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const bool isSynced = ::fsync(descriptor) == 0;
    ::close(descriptor);
    return isSynced;
}
} // namespace

std::string readNameFile(const std::filesystem::path& file)
{
    std::string name = readBegin(file);
    name.resize(name.size() < kNameBytes ? 0 : kNameBytes);
    return name;
}

std::string readNameNote(const std::filesystem::path& file)
{
    const std::string text = readBegin(file);
    return text.size() > kNameBytes ? text.substr(kNameBytes + 1) : std::string();
}

Result<void> writeNameFile(const std::filesystem::path& file, std::string_view name, std::string_view note)
{
    const std::string text = note.empty() ? std::string(name) : std::string(name).append(1, '\n').append(note);
    const std::filesystem::path draft = file.string() + ".new";
    std::error_code failure;
    const bool isLink = std::filesystem::is_symlink(file, failure);
    if (isLink || !writeWhole(draft, text) || ::rename(draft.c_str(), file.c_str()) != 0 ||
        !syncDirectory(file.parent_path()))
        return Error{ErrorCode::Io, "cannot write a name", file.string()};
    return {};
}

} // namespace luthien::store
