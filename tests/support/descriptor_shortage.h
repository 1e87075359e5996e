// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/resource.h>
#include <unistd.h>

namespace luthien::test {

/// As long as it lives this process can open no descriptor. Its threads must have started before.
class DescriptorShortage
{
public:
    DescriptorShortage()
        : m_lowestFree(::dup(0))
    {
        ::getrlimit(RLIMIT_NOFILE, &m_limit);
        const rlimit none{.rlim_cur = static_cast<rlim_t>(m_lowestFree) + 1, .rlim_max = m_limit.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &none);
    }
    ~DescriptorShortage()
    {
        ::setrlimit(RLIMIT_NOFILE, &m_limit);
        ::close(m_lowestFree);
    }
    DescriptorShortage(const DescriptorShortage&) = delete;
    DescriptorShortage& operator=(const DescriptorShortage&) = delete;

private:
    int m_lowestFree;
    rlimit m_limit{};
};

} // namespace luthien::test
