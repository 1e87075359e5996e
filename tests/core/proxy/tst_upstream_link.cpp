// SPDX-License-Identifier: Apache-2.0
#include "handler_world.h"
#include "proxy/upstream_link.h"
#include "proxy/upstream_pool.h"
#include "support/test_registry.h"
#include "upstream_world.h"

#include <QObject>

using namespace luthien;
using namespace luthien::test;
using proxy::UpstreamChoice;
using proxy::UpstreamClose;

class TestUpstreamLink : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aCleanConnectionGoesToThePoolAndIsUsedAgain()
    {
        UpstreamLog other;
        const auto connection = m_world->open(other);
        m_pool->put(connection, std::chrono::hours(1));
        UpstreamLog user;
        proxy::UpstreamLink link(parts(), user);
        for (int i = 0; i < 2; ++i) {
            link.open(connection->origin(), UpstreamChoice::PooledOrFresh);
            QCOMPARE(m_pool->size(), std::size_t(0));
            QVERIFY(m_world->turnUntil([&user] { return !user.said.empty(); }));
            QCOMPARE(std::exchange(user.said, {}), std::vector<std::string>{"pooled"});
            link.write("x");
            char byte = 0;
            QCOMPARE(::recv(m_world->peer(), &byte, 1, 0), ssize_t(1));
            link.close(UpstreamClose::Keep);
            QCOMPARE(m_pool->size(), std::size_t(1));
        }
        m_pool->closeAll();
    }

    void aFreshConnectionLeavesThePoolAlone()
    {
        UpstreamLog other;
        const auto connection = m_world->open(other);
        m_pool->put(connection, std::chrono::hours(1));
        UpstreamLog user;
        proxy::UpstreamLink link(parts(), user);
        link.open(connection->origin(), UpstreamChoice::Fresh);
        QCOMPARE(m_pool->size(), std::size_t(1));
        QVERIFY(m_world->turnUntil([&user] { return !user.said.empty(); }));
        QCOMPARE(user.said, std::vector<std::string>{"opened"});
        link.close(UpstreamClose::Abort);
        QCOMPARE(m_pool->size(), std::size_t(1));
        m_pool->closeAll();
    }

    void whatHasNotAllLeftIsNotKept()
    {
        UpstreamLog other;
        const auto connection = m_world->open(other);
        m_pool->put(connection, std::chrono::hours(1));
        UpstreamLog user;
        proxy::UpstreamLink link(parts(), user);
        link.open(connection->origin(), UpstreamChoice::PooledOrFresh);
        link.write(std::string(64UL * 1024 * 1024, 'x')); // more than any socket takes
        link.close(UpstreamClose::Keep);
        QCOMPARE(m_pool->size(), std::size_t(0));
    }

    void withoutAConnectionItDoesNothing()
    {
        UpstreamLog user;
        proxy::UpstreamLink link(parts(), user);
        link.write("x");
        link.setFlow(proxy::Flow::Pause);
        link.close(UpstreamClose::Keep);
        QVERIFY(user.said.empty());
        QCOMPARE(m_pool->size(), std::size_t(0));
    }

    void init()
    {
        m_world = std::make_unique<UpstreamWorld>();
        m_pool = std::make_unique<proxy::UpstreamPool>(m_world->io);
    }
    void cleanup()
    {
        m_pool.reset();
        m_world.reset();
    }

private:
    proxy::UpstreamLink::Parts parts() { return {m_world->environment, *m_pool, m_handlers.context}; }

    HandlerWorld m_handlers; ///< for its context
    std::unique_ptr<UpstreamWorld> m_world;
    std::unique_ptr<proxy::UpstreamPool> m_pool;
};

LUTHIEN_TEST(tst_upstream_link, TestUpstreamLink)
#include "tst_upstream_link.moc"
