// SPDX-License-Identifier: Apache-2.0
#include "proxy/trial_chains.h"

#include "base/sha256.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <utility>

namespace luthien::proxy {

Result<std::string> TrialChains::add(Trial trial, SteadyPoint now)
{
    Digest random{};
    if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
        return Error{.code = ErrorCode::Unavailable, .message = "the system gives no random bytes"};
    std::string token = toHex(random);
    const std::scoped_lock lock(m_mutex);
    if (m_waiting.size() == kMaxWaiting)
        m_waiting.erase(m_waiting.begin());
    m_waiting.push_back({.token = token, .trial = std::move(trial), .until = now + kLifetime});
    return token;
}

std::optional<Trial> TrialChains::take(std::string_view token, SteadyPoint now)
{
    const std::scoped_lock lock(m_mutex);
    std::erase_if(m_waiting, [now](const Waiting& each) { return each.until <= now; });
    // In constant time, so that a token cannot be guessed byte by byte.
    const auto found = std::ranges::find_if(m_waiting, [token](const Waiting& each) {
        return each.token.size() == token.size() && CRYPTO_memcmp(each.token.data(), token.data(), token.size()) == 0;
    });
    if (found == m_waiting.end())
        return std::nullopt;
    Trial trial = std::move(found->trial);
    m_waiting.erase(found);
    return trial;
}

} // namespace luthien::proxy
