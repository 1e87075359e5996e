// SPDX-License-Identifier: Apache-2.0
#include "base/private_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace luthien {

namespace {
namespace fs = std::filesystem;

constexpr std::size_t kMaxFileBytes = 64 * 1024;
constexpr std::size_t kTokenBytes = 32;
constexpr mode_t kFileMode = 0600;
constexpr mode_t kDirectoryMode = 0700;

/// Closes what it holds.
class Descriptor
{
public:
    explicit Descriptor(int number)
        : m_number(number)
    {
    }
    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int number() const noexcept { return m_number; }
    [[nodiscard]] bool isOpen() const noexcept { return m_number >= 0; }

private:
    int m_number;
};

Error failed(const fs::path& path, const char* action, ErrorCode code = ErrorCode::Io)
{
    return {.code = code, .message = std::string(action) + ": " + std::strerror(errno), .context = path.string()};
}

Error refused(const fs::path& path, std::string message)
{
    return {.code = ErrorCode::Conflict, .message = std::move(message), .context = path.string()};
}

bool writeAll(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

Result<std::string> readAll(int descriptor, const fs::path& file)
{
    std::string text(kMaxFileBytes + 1, '\0');
    std::size_t used = 0;
    while (used < text.size()) {
        const ssize_t got = ::read(descriptor, text.data() + used, text.size() - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failed(file, "cannot be read");
        if (got == 0)
            break;
        used += static_cast<std::size_t>(got);
    }
    if (used > kMaxFileBytes)
        return Error{.code = ErrorCode::TooLarge, .message = "is too large", .context = file.string()};
    text.resize(used);
    return text;
}
} // namespace

Result<void> makePrivateDirectory(const fs::path& directory)
{
    std::error_code failure;
    fs::create_directories(directory.parent_path(), failure);
    if (::mkdir(directory.c_str(), kDirectoryMode) != 0 && errno != EEXIST)
        return failed(directory, "cannot make this directory");
    const Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    struct stat status = {};
    if (!opened.isOpen() || ::fstat(opened.number(), &status) != 0)
        return failed(directory, "cannot open this directory");
    if (status.st_uid != ::geteuid())
        return refused(directory, "belongs to another user; name another directory with --data-dir");
    if ((status.st_mode & 077U) != 0 && ::fchmod(opened.number(), kDirectoryMode) != 0)
        return failed(directory, "cannot be closed to other users");
    return {};
}

Result<std::string> readPrivateFile(const fs::path& file)
{
    const Descriptor opened(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!opened.isOpen()) {
        if (errno == ELOOP)
            return refused(file, "is a link, which may lead anywhere; remove it");
        return failed(file, "cannot be opened", errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io);
    }
    struct stat status = {};
    if (::fstat(opened.number(), &status) != 0)
        return failed(file, "cannot be examined");
    if (!S_ISREG(status.st_mode) || status.st_uid != ::geteuid() || status.st_nlink != 1)
        return refused(file, "is not a plain file of ours; remove it");
    if ((status.st_mode & 077U) != 0)
        return refused(file, "can be read by other users; remove it, a new one is made");
    return readAll(opened.number(), file);
}

Result<void> writePrivateFile(const fs::path& file, std::string_view text)
{
    const fs::path directory = file.has_parent_path() ? file.parent_path() : fs::path(".");
    const fs::path draft = file.string() + ".new";
    ::unlink(draft.c_str());
    {
        const Descriptor opened(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode));
        if (!opened.isOpen())
            return failed(draft, "cannot be made");
        if (!writeAll(opened.number(), text) || ::fsync(opened.number()) != 0)
            return failed(draft, "cannot be written");
    }
    const Descriptor place(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!place.isOpen())
        return failed(directory, "cannot be opened");
    if (::rename(draft.c_str(), file.c_str()) != 0)
        return failed(file, "cannot be replaced");
    // Some file systems cannot bring a directory to the disk, and say so.
    if (::fsync(place.number()) != 0 && errno != EINVAL && errno != ENOTSUP)
        return failed(directory, "cannot be brought to the disk");
    return {};
}

DirectoryLock::~DirectoryLock()
{
    ::close(m_descriptor);
}

Result<std::unique_ptr<DirectoryLock>> lockDirectory(const fs::path& directory)
{
    const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return failed(directory, "cannot open this directory");
    auto lock = std::make_unique<DirectoryLock>(descriptor);
    while (::flock(descriptor, LOCK_EX) != 0) {
        if (errno != EINTR)
            return failed(directory, "cannot be locked");
    }
    return lock;
}

Result<std::string> makeToken()
{
    std::array<unsigned char, kTokenBytes> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        return Error{.code = ErrorCode::Internal, .message = "the system gives no random bytes"};
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string token;
    for (const unsigned char byte : bytes) {
        token += kDigits[byte >> 4U];
        token += kDigits[byte & 15U];
    }
    return token;
}

Result<std::string> loadOrMakeToken(const fs::path& file)
{
    auto text = readPrivateFile(file);
    if (!text && text.error().code != ErrorCode::NotFound)
        return text.error();
    if (text) {
        text->erase(std::ranges::find(*text, '\n'), text->end());
        if (text->size() == 2 * kTokenBytes)
            return text;
    }
    auto token = makeToken();
    if (!token)
        return token;
    if (auto written = writePrivateFile(file, *token + '\n'); !written)
        return written.error();
    return token;
}

} // namespace luthien
