// SPDX-License-Identifier: Apache-2.0
#include "store/ballast.h"

#include "base/logging.h"

#include <fcntl.h>
#include <unistd.h>

namespace luthien::store {

Ballast::Ballast(std::filesystem::path file, std::uint64_t bytes)
    : m_file(std::move(file))
    , m_bytes(bytes)
{
}

void Ballast::restore() const
{
    constexpr std::uint64_t kSpareFactor = 8;
    std::error_code failed;
    const auto space = std::filesystem::space(m_file.parent_path(), failed);
    if (m_bytes == 0 || failed || space.available < kSpareFactor * m_bytes || std::filesystem::exists(m_file, failed))
        return;
    const int file = ::open(m_file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0)
        return;
    const bool reserved = posix_fallocate(file, 0, static_cast<off_t>(m_bytes)) == 0;
    ::close(file);
    if (!reserved)
        ::unlink(m_file.c_str());
}

bool Ballast::release() const
{
    const bool released = ::unlink(m_file.c_str()) == 0;
    if (released)
        qCWarning(lcStore, "the disk is full: gave up the ballast file to go on writing");
    return released;
}

} // namespace luthien::store
