"""The result that OpenEvolve's evaluators return when they have more than numbers to tell."""


class EvaluationResult:
    """Metrics of a program, with artifacts: texts or bytes that say more about it."""

    def __init__(self, metrics, artifacts=None):
        self.metrics = metrics
        self.artifacts = {} if artifacts is None else artifacts

    @classmethod
    def from_dict(cls, metrics):
        """A result without artifacts."""
        return cls(metrics)

    def to_dict(self):
        """The metrics alone."""
        return self.metrics

    def has_artifacts(self):
        return len(self.artifacts) > 0

    def get_artifact_keys(self):
        return list(self.artifacts)

    def get_artifact_size(self, key):
        """Bytes of an artifact; 0 where there is none of that name."""
        value = self.artifacts.get(key, b"")
        return len(value if isinstance(value, bytes) else str(value).encode("utf-8"))

    def get_total_artifact_size(self):
        return sum(map(self.get_artifact_size, self.artifacts))

    def __eq__(self, other):
        return (
            isinstance(other, EvaluationResult)
            and (self.metrics, self.artifacts) == (other.metrics, other.artifacts)
        )

    def __repr__(self):
        return f"EvaluationResult(metrics={self.metrics!r}, artifacts={self.artifacts!r})"
