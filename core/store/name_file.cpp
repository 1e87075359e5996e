// SPDX-License-Identifier: Apache-2.0
#include "store/name_file.h"

#include <array>
#include <fcntl.h>
#include <unistd.h>

namespace luthien::store {

namespace {
constexpr std::size_t kNameBytes = 36;
} // namespace

std::string readNameFile(const std::filesystem::path& file)
{
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0)
        return {};
    std::array<char, kNameBytes> name{};
    const ssize_t count = ::read(descriptor, name.data(), name.size());
    ::close(descriptor);
    return count == static_cast<ssize_t>(name.size()) ? std::string(name.data(), name.size()) : std::string();
}

Result<void> writeNameFile(const std::filesystem::path& file, std::string_view name)
{
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool written = descriptor >= 0 && ::write(descriptor, name.data(), name.size()) == static_cast<ssize_t>(kNameBytes);
    written = written && ::fsync(descriptor) == 0;
    if (descriptor >= 0)
        ::close(descriptor);
    if (!written)
        return Error{ErrorCode::Io, "cannot write a name", file.string()};
    return {};
}

} // namespace luthien::store
