// SPDX-License-Identifier: Apache-2.0
#include "desktop/denied_network.h"

#include "base/logging.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>

namespace luthien::desktop {

namespace {
class DeniedReply final : public QNetworkReply
{
public:
    DeniedReply(QNetworkAccessManager::Operation operation, const QNetworkRequest& request, QObject* parent)
        : QNetworkReply(parent)
    {
        setOperation(operation);
        setRequest(request);
        setUrl(request.url());
        setError(ContentAccessDenied, QStringLiteral("The window never loads anything from outside."));
        setFinished(true);
        QMetaObject::invokeMethod(
            this,
            [this] {
                Q_EMIT errorOccurred(error());
                Q_EMIT finished();
            },
            Qt::QueuedConnection);
    }
    void abort() override {}
    qint64 readData(char*, qint64) override { return -1; }
};

class DeniedManager final : public QNetworkAccessManager
{
public:
    using QNetworkAccessManager::QNetworkAccessManager;

protected:
    QNetworkReply* createRequest(Operation operation, const QNetworkRequest& request, QIODevice*) override
    {
        qCWarning(lcDesktop, "refused to load something into the window");
        return new DeniedReply(operation, request, this);
    }
};
} // namespace

QNetworkAccessManager* DeniedNetwork::create(QObject* parent)
{
    return new DeniedManager(parent);
}

} // namespace luthien::desktop
