// SPDX-License-Identifier: Apache-2.0
#include "runtime/data_directory.h"

#include "base/private_file.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace luthien::runtime {

namespace {
/// A lock of the open file description: gone with it, not with the first close() anywhere in the process, and unlike
/// flock() it can be asked for without being taken.
struct flock wholeFile()
{
    return {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0, .l_pid = 0};
}

/// "luthiend, process 4711", as the holder wrote it.
std::string holderOf(int descriptor)
{
    std::array<char, 128> text{};
    const ssize_t length = ::pread(descriptor, text.data(), text.size(), 0);
    std::string holder(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    holder.erase(holder.find_last_not_of("\r\n") + 1);
    const bool isPlain = holder.find_first_not_of("abcdefghijklmnopqrstuvwxyz_-, 0123456789") == std::string::npos;
    return holder.empty() || !isPlain ? "another process" : holder;
}
} // namespace

Result<std::unique_ptr<DataDirectoryLock>> DataDirectoryLock::acquire(const Paths& paths, std::string_view program)
{
    if (auto made = makePrivateDirectory(paths.dataDirectory); !made)
        return made.error();
    const std::string file = paths.lockFile().string();
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return Error{.code = ErrorCode::Io, .message = std::strerror(errno), .context = file};
    std::unique_ptr<DataDirectoryLock> lock(new DataDirectoryLock(descriptor));
    const struct flock wanted = wholeFile();
    if (::fcntl(descriptor, F_OFD_SETLK, &wanted) != 0)
        return Error{.code = ErrorCode::Conflict,
                     .message = "is in use by " + holderOf(descriptor) +
                                "; stop it, or name another directory with --data-dir",
                     .context = paths.dataDirectory.string()};
    const std::string holder = std::string(program) + ", process " + std::to_string(::getpid()) + '\n';
    if (::ftruncate(descriptor, 0) != 0 ||
        ::pwrite(descriptor, holder.data(), holder.size(), 0) != static_cast<ssize_t>(holder.size()))
        return Error{.code = ErrorCode::Io, .message = std::strerror(errno), .context = file};
    return lock;
}

bool DataDirectoryLock::isHeld(const Paths& paths)
{
    const int descriptor = ::open(paths.lockFile().c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const DataDirectoryLock closesIt(descriptor);
    struct flock lock = wholeFile();
    return ::fcntl(descriptor, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

DataDirectoryLock::~DataDirectoryLock()
{
    ::close(m_descriptor);
}

} // namespace luthien::runtime
