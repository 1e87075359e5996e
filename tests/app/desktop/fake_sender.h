// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/request_sender.h"

#include <string>
#include <utility>
#include <vector>

namespace luthien::test {

/// Keeps what would be sent; a test answers.
class FakeSender final : public desktop::RequestSender
{
    Q_OBJECT

public:
    void send(quint64 token, std::string wire) override
    {
        lastToken = token;
        sent.push_back(std::move(wire));
    }
    void cancel() override { ++cancels; }
    [[nodiscard]] std::string authority() const override { return "127.0.0.1:4000"; }
    [[nodiscard]] std::string clientToken() const override { return proxyToken; }

    quint64 lastToken = 0;
    std::string proxyToken;
    std::vector<std::string> sent;
    int cancels = 0;
};

} // namespace luthien::test
