// SPDX-License-Identifier: Apache-2.0
#include "store/name_file.h"

#include "base/private_file.h"

#include <algorithm>
#include <array>
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
    return writePrivateFile(file, text);
}

} // namespace luthien::store
