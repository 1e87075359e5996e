// SPDX-License-Identifier: Apache-2.0
#include "support/full_disk.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <functional>
#include <mutex>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace {
std::mutex mutex;
std::string directory; ///< empty = there is room
int from = 0;
int count = 0;
int writes = 0;
int refusals = 0;
std::function<void()> meanwhile;
std::atomic<bool> isWatching = false;

std::string pathOf(int file)
{
    std::array<char, 64> link{};
    std::array<char, PATH_MAX> target{};
    std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", file);
    const ssize_t length = ::readlink(link.data(), target.data(), target.size());
    return {target.data(), length > 0 ? static_cast<std::size_t>(length) : 0};
}

bool isRefused(std::string_view path)
{
    std::function<void()> work;
    {
        const std::lock_guard lock(mutex);
        if (directory.empty() || !path.starts_with(directory))
            return false;
        ++writes;
        if (writes < from || writes - from >= count)
            return false;
        ++refusals;
        work = meanwhile;
    }
    if (work)
        work();
    return true;
}

bool isRefused(int file)
{
    return isWatching.load(std::memory_order_relaxed) && isRefused(pathOf(file));
}

/// A name that is not there yet takes room, too.
bool isRefused(const char* path, int flags)
{
    return isWatching.load(std::memory_order_relaxed) && (flags & O_CREAT) != 0 && ::access(path, F_OK) != 0 &&
           isRefused(std::string_view(path));
}

bool isRefused(int file, off64_t length)
{
    struct stat64 status = {};
    return isWatching.load(std::memory_order_relaxed) && ::fstat64(file, &status) == 0 && length > status.st_size &&
           isRefused(file);
}

/// What would have been called without us.
template <typename Function>
Function* next(const char* name)
{
    auto* const found = reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
    if (found == nullptr)
        std::abort();
    return found;
}

using Open = int(const char*, int, ...);

int openUnlessFull(Open* real, const char* path, int flags, va_list more)
{
    const bool hasMode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE; // which contains O_DIRECTORY
    const mode_t mode = hasMode ? va_arg(more, mode_t) : 0;
    if (!isRefused(path, flags))
        return real(path, flags, mode);
    errno = ENOSPC;
    return -1;
}
} // namespace

namespace luthien::test::full_disk {

void refuse(const std::string& below, int first, int howMany, std::function<void()> work)
{
    const std::lock_guard lock(mutex);
    directory = below;
    from = first;
    count = howMany;
    meanwhile = std::move(work);
    ::writes = ::refusals = 0;
    isWatching = true;
}

void free()
{
    const std::lock_guard lock(mutex);
    count = 0;
}

int writes()
{
    const std::lock_guard lock(mutex);
    return ::writes;
}

int refusals()
{
    const std::lock_guard lock(mutex);
    return ::refusals;
}

} // namespace luthien::test::full_disk

extern "C" {

int open(const char* path, int flags, ...)
{
    static auto* const real = next<Open>("open");
    va_list more;
    va_start(more, flags);
    const int file = openUnlessFull(real, path, flags, more);
    va_end(more);
    return file;
}

int open64(const char* path, int flags, ...)
{
    static auto* const real = next<Open>("open64");
    va_list more;
    va_start(more, flags);
    const int file = openUnlessFull(real, path, flags, more);
    va_end(more);
    return file;
}

int ftruncate(int file, off_t length) noexcept
{
    static auto* const real = next<int(int, off_t)>("ftruncate");
    if (!isRefused(file, length))
        return real(file, length);
    errno = ENOSPC;
    return -1;
}

int ftruncate64(int file, off64_t length) noexcept
{
    static auto* const real = next<int(int, off64_t)>("ftruncate64");
    if (!isRefused(file, length))
        return real(file, length);
    errno = ENOSPC;
    return -1;
}

ssize_t write(int file, const void* data, size_t bytes)
{
    static auto* const real = next<ssize_t(int, const void*, size_t)>("write");
    if (!isRefused(file))
        return real(file, data, bytes);
    errno = ENOSPC;
    return -1;
}

ssize_t pwrite(int file, const void* data, size_t bytes, off_t at)
{
    static auto* const real = next<ssize_t(int, const void*, size_t, off_t)>("pwrite");
    if (!isRefused(file))
        return real(file, data, bytes, at);
    errno = ENOSPC;
    return -1;
}

ssize_t pwrite64(int file, const void* data, size_t bytes, off64_t at)
{
    static auto* const real = next<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
    if (!isRefused(file))
        return real(file, data, bytes, at);
    errno = ENOSPC;
    return -1;
}

/// What is tried over and over here is not about power failures: nothing waits for the real disk.
int fdatasync(int file)
{
    static auto* const real = next<int(int)>("fdatasync");
    return isWatching.load(std::memory_order_relaxed) ? 0 : real(file);
}

int fsync(int file)
{
    static auto* const real = next<int(int)>("fsync");
    return isWatching.load(std::memory_order_relaxed) ? 0 : real(file);
}

int posix_fallocate(int file, off_t at, off_t bytes)
{
    static auto* const real = next<int(int, off_t, off_t)>("posix_fallocate");
    return isRefused(file) ? ENOSPC : real(file, at, bytes);
}

int posix_fallocate64(int file, off64_t at, off64_t bytes)
{
    static auto* const real = next<int(int, off64_t, off64_t)>("posix_fallocate64");
    return isRefused(file) ? ENOSPC : real(file, at, bytes);
}
}
