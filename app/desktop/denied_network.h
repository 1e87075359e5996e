// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QQmlNetworkAccessManagerFactory>

namespace luthien::desktop {

/// Gives the QML engine a network that refuses everything: no text from outside can make the window fetch something.
/// The second wall behind plain text. Thread: any.
class DeniedNetwork final : public QQmlNetworkAccessManagerFactory
{
public:
    QNetworkAccessManager* create(QObject* parent) override;
};

} // namespace luthien::desktop
